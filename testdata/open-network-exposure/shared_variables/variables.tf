variable "open" {
  default = ["0.0.0.0/0"]
}

variable "office" {
  default = ["203.0.113.0/24"]
}
