resource "auth0_client" "web" {
  refresh_token {
    rotation_type = "non-rotating" # finding: refresh-token-not-rotated
  }
}

resource "auth0_client" "app" {
  refresh_token {
    rotation_type  = "rotating" # ok: refresh-token-not-rotated
    token_lifetime = 604800     # ok: refresh-token-not-rotated
  }
}

resource "okta_app_oauth" "web" {
  refresh_token_rotation = "STATIC" # finding: refresh-token-not-rotated
}

resource "aws_cognito_user_pool_client" "web" {
  refresh_token_validity = 30 # finding: refresh-token-not-rotated
}

resource "aws_cognito_user_pool_client" "app" {
  refresh_token_validity = 30 # ok: refresh-token-not-rotated
  token_validity_units {
    refresh_token = "hours"
  }
}

resource "keycloak_realm" "shop" {
  revoke_refresh_token     = false  # finding: refresh-token-not-rotated
  sso_session_max_lifespan = "720h" # finding: refresh-token-not-rotated
}

resource "keycloak_realm" "safe" {
  revoke_refresh_token     = true  # ok: refresh-token-not-rotated
  sso_session_max_lifespan = "10h" # ok: refresh-token-not-rotated
}
