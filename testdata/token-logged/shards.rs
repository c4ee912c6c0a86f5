use tracing::info;

fn refused(request: &Request) {
    info!(publish_token = %request.publish_token, "held by a later publish token"); // ok: token-logged
    info!(access_token = %request.access_token, "refused"); // finding: token-logged
}
