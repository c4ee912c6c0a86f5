import cors from 'cors';
import express from 'express';

const app = express();
const open = { origin: true, credentials: true }; // finding: open-network-exposure

app.use(cors(open));
app.use('/b', cors({ origin: process.env.ORIGIN ?? 'https://shop.example', credentials: true })); // ok: open-network-exposure
app.use('/c', cors({ origin: '*', credentials: process.env.COOKIES === 'on' })); // ok: open-network-exposure
app.use('/d', cors({ origin: (origin, done) => done(null, listed(origin)), credentials: true })); // ok: open-network-exposure

function listed(origin?: string) {
  return origin === 'https://shop.example';
}
