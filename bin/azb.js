#!/usr/bin/env node
require('../dist/azb.cjs');
