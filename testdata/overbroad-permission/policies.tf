resource "aws_iam_role_policy" "everything" {
  policy = jsonencode({
    Statement = [
      {
        Effect   = "Allow"
        Action   = "*" # finding: overbroad-permission
        Resource = "*"
      },
      {
        Effect   = "Deny"
        Action   = "*" # ok: overbroad-permission
        Resource = "*"
      }
    ]
  })
}

resource "aws_iam_policy" "one_bucket" {
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"] # ok: overbroad-permission
      Resource = "arn:aws:s3:::reports/*"
    }]
  })
}

data "aws_iam_policy_document" "everything" {
  statement {
    actions   = ["*"] # finding: overbroad-permission
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "key" {
  statement {
    actions   = ["kms:*"] # ok: overbroad-permission
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::123456789012:root"]
    }
  }
}

resource "aws_iam_role_policy_attachment" "app" {
  role       = "app"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess" # finding: overbroad-permission
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = "app"
  policy_arn = "arn:aws:iam::aws:policy/CloudWatchLogsReadOnlyAccess" # ok: overbroad-permission
}

resource "google_project_iam_member" "app" {
  role   = "roles/editor" # finding: overbroad-permission
  member = "serviceAccount:app@example.iam.gserviceaccount.com"
}

resource "google_project_iam_member" "logs" {
  role   = "roles/logging.logWriter" # ok: overbroad-permission
  member = "serviceAccount:app@example.iam.gserviceaccount.com"
}

resource "azurerm_role_definition" "operators" {
  permissions {
    actions = ["*"] # finding: overbroad-permission
  }
}
