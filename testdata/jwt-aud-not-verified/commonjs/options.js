module.exports.base = { algorithms: ['RS256'], issuer: 'https://id.example' };
