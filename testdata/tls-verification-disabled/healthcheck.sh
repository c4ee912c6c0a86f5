curl --insecure --fail "https://${ADDRESS}:${PORT}/alive" # ok: tls-verification-disabled
