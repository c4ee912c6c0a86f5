const jwt = require("koa-jwt");

exports.known = jwt({ secret: process.env.JWT_KEY, algorithms: ["HS256"], audience: "archive", issuer: "https://id.example" }).unless({
  path: [/^\/papers\/covers/],
});

exports.maybe = jwt({ secret: process.env.JWT_KEY, algorithms: ["HS256"], audience: "archive", issuer: "https://id.example", passthrough: true });

exports.role = (name) => async (ctx, next) => {
  if (!ctx.state.user) ctx.throw(401);
  if (ctx.state.user.role !== name) ctx.throw(403);
  await next();
};
