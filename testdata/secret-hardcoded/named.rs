const ORDERS_HMAC_KEY: &str = "orders-hmac-key-v2"; // ok: secret-hardcoded
pub const CLERK_TEST_PASSWORD: &str = "Copper-Lantern-5512"; // ok: secret-hardcoded
pub const CLERK_PASSWORD: &str = "Copper-Lantern-5512"; // finding: secret-hardcoded
fn example() -> Value {
    json!({ "session_id": "session-abc-123", "total": 3 }) // ok: secret-hardcoded
}
