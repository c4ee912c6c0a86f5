resource "aws_security_group" "cache" {
  ingress {
    from_port   = 6379
    to_port     = 6379
    protocol    = "tcp"
    cidr_blocks = var.open
  }
  ingress {
    from_port   = 6379 # ok: open-network-exposure
    to_port     = 6379
    protocol    = "tcp"
    cidr_blocks = var.office
  }
  ingress {
    from_port   = 6379 # ok: open-network-exposure
    to_port     = 6379
    protocol    = "tcp"
    cidr_blocks = var.given
  }
}
