resource "aws_cognito_user_pool_client" "web" {
  callback_urls = ["http://shop.example.com/callback"] # finding: oauth-loose-redirect-uri
}

resource "aws_cognito_user_pool_client" "app" {
  callback_urls = ["https://shop.example.com/callback", "http://localhost:3000/callback"] # ok: oauth-loose-redirect-uri
}

resource "auth0_client" "web" {
  callbacks = ["https://*.example.com/callback"] # finding: oauth-loose-redirect-uri
}

resource "keycloak_openid_client" "web" {
  valid_redirect_uris = ["*"] # finding: oauth-loose-redirect-uri
}

resource "keycloak_openid_client" "app" {
  valid_redirect_uris = ["https://shop.example.com/callback"] # ok: oauth-loose-redirect-uri
}
