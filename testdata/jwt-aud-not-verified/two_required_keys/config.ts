function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export const config = { own: required('OWN_KEY'), partner: required('PARTNER_KEY') };
