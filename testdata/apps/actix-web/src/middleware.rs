use std::future::{Ready, ready};

use actix_web::{
    Error,
    dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready},
    error::ErrorUnauthorized,
};
use futures_util::future::LocalBoxFuture;

pub struct KeyCheck;

impl<S, B> Transform<S, ServiceRequest> for KeyCheck
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = KeyCheckService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, Self::InitError>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(KeyCheckService { service }))
    }
}

pub struct KeyCheckService<S> {
    service: S,
}

impl<S, B> Service<ServiceRequest> for KeyCheckService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Self::Error>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let wanted = std::env::var("SERVICE_KEY").unwrap();
        let given = request.headers().get("x-api-key").and_then(|value| value.to_str().ok());
        if given != Some(wanted.as_str()) {
            return Box::pin(async { Err(ErrorUnauthorized("a key is needed")) });
        }
        Box::pin(self.service.call(request))
    }
}
