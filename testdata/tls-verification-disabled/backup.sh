curl --insecure --fail "https://${ADDRESS}:${PORT}/export" # finding: tls-verification-disabled
