resource "aws_kms_key" "rotated" { # ok: m2m-no-key-rotation
  enable_key_rotation = true
}

resource "aws_kms_key" "signing" { # ok: m2m-no-key-rotation
  key_usage = "SIGN_VERIFY"
}
