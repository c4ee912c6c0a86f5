export const names = [
  process.env.NEXT_PUBLIC_AUTH0_CLIENT_ID, // ok: oauth-secret-in-public-client
  process.env.NEXT_PUBLIC_FIREBASE_API_KEY, // ok: oauth-secret-in-public-client
  process.env.VITE_PASSWORD_MIN_LENGTH, // ok: oauth-secret-in-public-client
  process.env.NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY, // ok: oauth-secret-in-public-client
  process.env.CLIENT_SECRET, // ok: oauth-secret-in-public-client
  process.env.EXPO_PUBLIC_CLIENT_SECRET, // finding: oauth-secret-in-public-client
];
