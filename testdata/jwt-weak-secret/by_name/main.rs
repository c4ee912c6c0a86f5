// Nothing in the file signs with it: the name says what it is for.
const JWT_SECRET: &str = "super_secret_jwt_key_12345"; // finding: jwt-weak-secret finding: jwt-hardcoded-secret
const JWT_ALGORITHM: &str = "HS256";

pub fn secret() -> &'static str {
    JWT_SECRET
}
