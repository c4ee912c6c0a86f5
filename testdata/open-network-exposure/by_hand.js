// A literal `*` goes to some answers, credentials to others: browsers refuse both together.
exports.shared = (res) => {
  res.setHeader('Access-Control-Allow-Origin', '*'); // ok: open-network-exposure
};

exports.own = (req, res) => {
  res.setHeader('Access-Control-Allow-Credentials', 'true');
  res.setHeader('Access-Control-Allow-Origin', req.headers.origin); // finding: open-network-exposure
};
