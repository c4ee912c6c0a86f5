resource "keycloak_openid_client" "web" { # finding: oauth-missing-pkce
  client_id             = "web"
  access_type           = "PUBLIC"
  standard_flow_enabled = true
}

resource "keycloak_openid_client" "plain" { # finding: oauth-missing-pkce
  client_id                  = "plain"
  access_type                = "PUBLIC"
  standard_flow_enabled      = true
  pkce_code_challenge_method = "plain"
}

resource "keycloak_openid_client" "app" { # ok: oauth-missing-pkce
  client_id                  = "app"
  access_type                = "PUBLIC"
  standard_flow_enabled      = true
  pkce_code_challenge_method = "S256"
}

resource "keycloak_openid_client" "backend" { # ok: oauth-missing-pkce
  client_id                = "backend"
  access_type              = "CONFIDENTIAL"
  service_accounts_enabled = true
}
