import { CanActivate, ExecutionContext, Injectable, SetMetadata, UnauthorizedException } from "@nestjs/common";
import { Reflector } from "@nestjs/core";
import { Sessions } from "./sessions";

const OPEN = "open to everybody";
export const Open = () => SetMetadata(OPEN, true);

@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: Sessions,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.isOpen(context)) return true;
    const request = context.switchToHttp().getRequest();
    const session = await this.sessions.find(request.cookies.session_token);
    if (!session) throw new UnauthorizedException();
    request.user = session.user;
    return true;
  }

  private isOpen(context: ExecutionContext) {
    return this.reflector.getAllAndOverride<boolean>(OPEN, [context.getHandler(), context.getClass()]);
  }
}
