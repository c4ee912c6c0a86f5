resource "aws_elasticache_replication_group" "sessions" {
  transit_encryption_enabled = false # finding: plaintext-internal-transport
}

resource "aws_elasticache_replication_group" "safe" {
  transit_encryption_enabled = true # ok: plaintext-internal-transport
}

resource "aws_elasticache_replication_group" "given" {
  transit_encryption_enabled = var.encrypted # ok: plaintext-internal-transport
}

resource "aws_lb_listener" "plain" {
  protocol = "HTTP"
  default_action {
    type             = "forward" # finding: plaintext-internal-transport
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_lb_listener" "sends_on" {
  protocol = "HTTP"
  default_action {
    type = "redirect" # ok: plaintext-internal-transport
    redirect {
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "azurerm_storage_account" "files" {
  https_traffic_only_enabled = false # finding: plaintext-internal-transport
}

resource "google_sql_database_instance" "main" {
  settings {
    ip_configuration {
      ssl_mode = "ENCRYPTED_ONLY" # ok: plaintext-internal-transport
    }
  }
}
