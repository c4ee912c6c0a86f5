resource "aws_cognito_user_pool_client" "web" {
  explicit_auth_flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] # finding: oauth-password-grant
}

resource "aws_cognito_user_pool_client" "app" {
  explicit_auth_flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] # ok: oauth-password-grant
}

resource "auth0_client" "first_party" {
  grant_types = ["password"] # finding: oauth-password-grant
}

resource "okta_app_oauth" "app" {
  grant_types = ["client_credentials"] # ok: oauth-password-grant
}

resource "keycloak_openid_client" "web" {
  client_id                    = "web"
  direct_access_grants_enabled = true # finding: oauth-password-grant
}

resource "keycloak_openid_client" "app" {
  client_id                    = "app"
  direct_access_grants_enabled = false # ok: oauth-password-grant
}
