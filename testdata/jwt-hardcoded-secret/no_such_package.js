// A package that does not exist under this name: nobody knows what it does with what it is given.
import verifier from "expressjwt-that-nobody-published";

export const guard = verifier({ secret: "orders-first-key" }); // finding: secret-hardcoded
