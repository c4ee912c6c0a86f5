resource "aws_cognito_user_pool_client" "web" {
  access_token_validity = 8 # finding: jwt-long-lived-access-token
}

resource "aws_cognito_user_pool_client" "app" {
  access_token_validity = 10 # ok: jwt-long-lived-access-token
  token_validity_units {
    access_token = "minutes"
  }
}

resource "aws_cognito_user_pool_client" "given" {
  access_token_validity = 10 # ok: jwt-long-lived-access-token
  token_validity_units {
    access_token = var.unit
  }
}

resource "auth0_resource_server" "orders" {
  token_lifetime = 86400 # finding: jwt-long-lived-access-token
}

resource "okta_auth_server_policy_rule" "default" {
  access_token_lifetime_minutes = 60 # finding: jwt-long-lived-access-token
}

resource "okta_auth_server_policy_rule" "short" {
  access_token_lifetime_minutes = 10 # ok: jwt-long-lived-access-token
}

resource "keycloak_realm" "shop" {
  access_token_lifespan = "1h" # finding: jwt-long-lived-access-token
}

resource "keycloak_realm" "short" {
  access_token_lifespan = "300s" # ok: jwt-long-lived-access-token
}
