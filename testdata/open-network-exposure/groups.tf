resource "aws_security_group" "database" {
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"] # finding: open-network-exposure
  }
  ingress {
    from_port   = 5432 # ok: open-network-exposure
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    from_port   = 443 # ok: open-network-exposure
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0 # ok: open-network-exposure
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group_rule" "wide" {
  type        = "ingress"
  from_port   = 1024
  to_port     = 65535
  protocol    = "tcp"
  cidr_blocks = ["0.0.0.0/0"] # finding: open-network-exposure
}

resource "aws_security_group_rule" "out" { # ok: open-network-exposure
  type        = "egress"
  from_port   = 0
  to_port     = 0
  protocol    = "-1"
  cidr_blocks = ["0.0.0.0/0"]
}

resource "aws_vpc_security_group_ingress_rule" "all" {
  cidr_ipv4   = "0.0.0.0/0" # finding: open-network-exposure
  ip_protocol = "-1"
}

resource "aws_db_instance" "orders" {
  engine              = "postgres"
  publicly_accessible = true # finding: open-network-exposure
}

resource "aws_db_instance" "private" {
  engine              = "postgres"
  publicly_accessible = false # ok: open-network-exposure
}

resource "google_compute_firewall" "cache" {
  source_ranges = ["0.0.0.0/0"] # finding: open-network-exposure
  allow {
    protocol = "tcp"
    ports    = ["6379"]
  }
  allow {
    protocol = "tcp" # ok: open-network-exposure
    ports    = ["443"]
  }
}

resource "google_compute_firewall" "out" {
  direction          = "EGRESS"
  destination_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "all" # ok: open-network-exposure
  }
}

resource "azurerm_network_security_group" "main" {
  security_rule {
    name                   = "sql"
    direction              = "Inbound"
    access                 = "Allow"
    protocol               = "Tcp"
    source_address_prefix  = "Internet"
    destination_port_range = "1433" # finding: open-network-exposure
  }
  security_rule {
    name                   = "none" # ok: open-network-exposure
    direction              = "Inbound"
    access                 = "Deny"
    protocol               = "*"
    source_address_prefix  = "*"
    destination_port_range = "*"
  }
}
