resource "aws_cognito_user_pool_client" "web" {
  allowed_oauth_flows = ["code", "implicit"] # finding: oauth-implicit-flow
}

resource "aws_cognito_user_pool_client" "app" {
  allowed_oauth_flows = ["code"] # ok: oauth-implicit-flow
}

resource "auth0_client" "web" {
  grant_types = ["implicit"] # finding: oauth-implicit-flow
}

resource "okta_app_oauth" "web" {
  grant_types = ["authorization_code"] # ok: oauth-implicit-flow
}

resource "keycloak_openid_client" "web" {
  implicit_flow_enabled = true # finding: oauth-implicit-flow
}

resource "keycloak_openid_client" "app" {
  implicit_flow_enabled = false # ok: oauth-implicit-flow
}
