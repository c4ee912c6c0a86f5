import { createContext, useContext } from 'react';

export const SessionContext = createContext({ accessToken: '' });
export const useSession = () => useContext(SessionContext);
