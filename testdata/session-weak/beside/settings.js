module.exports = {
  port: 4000,
  sidValue: "keyboard-cat-17", // finding: session-weak
};
