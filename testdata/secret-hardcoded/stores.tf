resource "aws_secretsmanager_secret_version" "mail" {
  secret_string = "Quiet-Otter-7731" # finding: secret-hardcoded
}

resource "aws_secretsmanager_secret_version" "made" {
  secret_string = random_password.mail.result # ok: secret-hardcoded
}

resource "aws_ssm_parameter" "stage" {
  type  = "String"
  value = "Quiet-Otter-7731" # ok: secret-hardcoded
}

resource "azurerm_key_vault_secret" "given" {
  value = var.mail_password # ok: secret-hardcoded
}
