/**
 * The certificate of a server on this machine, and its key, made for tests with `openssl req -x509 -newkey ec -pkeyopt
 * ec_paramgen_curve:P-256 -nodes -addext subjectAltName=DNS:localhost,IP:127.0.0.1`. It protects nothing.
 */
export const SERVER_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBqDCCAU2gAwIBAgIUL/JFy+vJZbBKqzayFhINNYu+88AwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPYXpiLXRlc3Qtc2VydmVyMCAXDTI2MTEyNTE3MDYwOFoYDzIx
MjYxMTAxMTcwNjA4WjAaMRgwFgYDVQQDDA9hemItdGVzdC1zZXJ2ZXIwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAASwHkumLVpXdyIAUxJ2Yy6ureZXyuMvwlBa7jc/
cgpK/j7kXJjOdiGZ4jgCK77W0TFwSaeTlOj+3hmL/xpX1TFlo28wbTAdBgNVHQ4E
FgQUhbNbKS5KMZ7t+EauAO4K6LpRLuEwHwYDVR0jBBgwFoAUhbNbKS5KMZ7t+Eau
AO4K6LpRLuEwDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SH
BH8AAAEwCgYIKoZIzj0EAwIDSQAwRgIhAMdXjxP3+wvqZIimRX+5KVZHePc2WU1i
Anzwy1oXuHb/AiEAm0tpNrGg0+/5rdNs1Fa91bg+DVRBBFPUwvcEE3tGHlI=
-----END CERTIFICATE-----
`;

export const SERVER_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgutYo32LZjwlFy8Ux
HR7fevlUaSeuMME3ezE/2dpTA3ShRANCAASwHkumLVpXdyIAUxJ2Yy6ureZXyuMv
wlBa7jc/cgpK/j7kXJjOdiGZ4jgCK77W0TFwSaeTlOj+3hmL/xpX1TFl
-----END PRIVATE KEY-----
`;
