import { verify as check, type VerifyOptions } from 'jsonwebtoken';

export class TokenService {
  private readonly options: VerifyOptions = { algorithms: ['RS256'], issuer: 'https://id.example' };

  constructor(private readonly key: string, private readonly audience = 'api') {}

  lax(token: string) {
    return check(token, this.key, this.options); // finding: jwt-aud-not-verified
  }

  strict(token: string) {
    return check(token, this.key, { ...this.options, audience: this.audience }); // ok: jwt-aud-not-verified
  }
}
