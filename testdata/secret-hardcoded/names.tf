data "aws_iam_policy_document" "ci" {
  statement {
    sid       = "AllowContinuousIntegrationToPushImages2024" # ok: secret-hardcoded
    actions   = ["ecr:PutImage"]
    resources = ["arn:aws:ecr:eu-west-1:123456789012:repository/shop"]
  }
}

resource "google_secret_manager_secret_version" "mail" {
  secret = "mail-server-alert-channel-address" # ok: secret-hardcoded
}

resource "aws_db_instance" "orders" {
  password = "Copper-Lantern-5512" # finding: secret-hardcoded
}
