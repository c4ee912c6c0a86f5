variable "open" {
  default = ["0.0.0.0/0"] # finding: open-network-exposure
}

variable "office" {
  default = ["203.0.113.0/24"]
}
