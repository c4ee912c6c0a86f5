export async function load() {
  return { users: [] };
}

export const actions = {
  ban: async ({ request }) => {
    const form = await request.formData();
    return { banned: form.get("id") };
  },
};
