import { jwtDecode } from 'jwt-decode';
import { useSession } from '../session';

export function Greeting() {
  const { accessToken } = useSession();
  const { name } = jwtDecode<{ name: string }>(accessToken); // ok: jwt-signature-not-verified
  return <p>Hello {name}</p>;
}
