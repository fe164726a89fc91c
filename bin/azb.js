#!/usr/bin/env node
import '../dist/azb.js';
