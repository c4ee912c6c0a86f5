import jwt from "jsonwebtoken";

const rules: jwt.VerifyOptions = { algorithms: ["HS256"], issuer: "https://id.example", audience: "refresh" };
const access: jwt.SignOptions = { expiresIn: "15m", issuer: "https://id.example", audience: "api" };

function generateAccessToken(sub: string) {
  return jwt.sign({ sub }, process.env.ACCESS_KEY!, access);
}

export function callback(req: any, res: any) {
  jwt.verify(req.body.refreshToken, process.env.REFRESH_KEY!, rules, (error: any, user: any) => {
    if (error) {
      return res.sendStatus(403);
    }
    res.json({ accessToken: generateAccessToken(user.sub) }); // finding: refresh-token-not-rotated
  });
}

export async function deleted(req: any, res: any) {
  const claims = jwt.verify(req.cookies.refreshToken, process.env.REFRESH_KEY!, rules) as any;
  await db.refreshTokens.deleteOne({ token: req.cookies.refreshToken });
  const refreshToken = await db.refreshTokens.issue(claims.sub);
  res.json({ accessToken: generateAccessToken(claims.sub), refreshToken }); // ok: refresh-token-not-rotated
}

export function pair(req: any, res: any) {
  const claims = jwt.verify(req.body.refreshToken, process.env.REFRESH_KEY!, rules) as any;
  res.json(generateTokens(claims.sub)); // ok: refresh-token-not-rotated
}

export function confirmEmail(req: any) {
  const claims = jwt.verify(req.query.token, process.env.MAIL_KEY!, { ...rules, audience: "mail" }) as any;
  return jwt.sign({ sub: claims.sub }, process.env.ACCESS_KEY!, access); // ok: refresh-token-not-rotated
}
