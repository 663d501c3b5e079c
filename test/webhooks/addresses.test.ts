import { expect } from "chai";
import { reachOf } from "../../src/webhooks/addresses.ts";
import { type DestinationPolicy, readDestination } from "../../src/webhooks/destination.ts";

const outside: DestinationPolicy = { allowsLoopback: false, allowsPrivate: false };
const local: DestinationPolicy = { allowsLoopback: true, allowsPrivate: false };

const privateAddresses = [
  "0.0.0.0",
  "0.255.1.2",
  "10.0.0.1",
  "10.255.255.255",
  "100.64.0.1",
  "100.127.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.8",
  "192.0.2.1",
  "192.88.99.1",
  "192.168.0.1",
  "198.18.0.1",
  "198.19.255.255",
  "198.51.100.7",
  "203.0.113.9",
  "224.0.0.1",
  "239.255.255.255",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "100::1",
  "2001::1",
  "2001:db8::1",
  "2002:a00:1::",
  "fc00::1",
  "fdff:ffff::1",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "ff02::1",
  "::ffff:10.0.0.1",
  "::ffff:a9fe:a9fe",
  "::ffff:192.168.1.1",
  "::10.0.0.1",
  "64:ff9b::a00:1",
  "64:ff9b::169.254.169.254",
  "not an address",
  "",
] as const;
const loopbackAddresses = [
  "127.0.0.1",
  "127.255.255.254",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "64:ff9b::7f00:1",
];
const publicAddresses = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "11.0.0.1"];
const publicAddresses6 = ["2606:4700:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808"];

describe("webhooks/addresses", () => {
  it("knows every range in which no endpoint of the outside lives, in IPv4, IPv6 and IPv4 in the clothes of IPv6", () => {
    const reaches = privateAddresses.map((address) => [address, reachOf(address)]);

    expect(reaches.filter(([, reach]) => reach !== "private")).to.deep.equal([]);
  });

  it("tells this machine from a private network, and both from the outside", () => {
    expect(loopbackAddresses.map(reachOf)).to.deep.equal(loopbackAddresses.map(() => "loopback"));
    expect([...publicAddresses, ...publicAddresses6].filter((address) => reachOf(address) !== "public")).to.deep.equal(
      [],
    );
  });
});

describe("webhooks/destination", () => {
  it("lets nobody name this machine or a private network, however the number is written", () => {
    const disguised = [
      "https://127.0.0.1/",
      "https://2130706433/",
      "https://0x7f000001/",
      "https://0x7f.1/",
      "https://0177.0.0.1/",
      "https://127.1/",
      "https://[::1]/",
      "https://[::ffff:127.0.0.1]/",
      "https://localhost/",
      "https://localhost./",
      "https://anything.localhost/",
      "https://LOCALHOST/",
      "https://10.0.0.1/",
      "https://167772161/",
      "https://0xa000001/",
      "https://012.0.0.1/",
      "https://169.254.169.254/latest/meta-data",
      "https://2852039166/",
      "https://0xa9fea9fe/",
      "https://[fd00::1]/",
      "https://[fe80::1]/",
      "https://[::ffff:a9fe:a9fe]/",
      "https://[64:ff9b::a00:1]/",
      "https://0/",
      "https://①②⑦.0.0.1/",
      "https://127。0。0。1/",
    ];

    const taken = disguised.filter((text) => readDestination(text, outside).ok);

    expect(taken).to.deep.equal([]);
  });

  it("refuses other schemes, users, ports of other services and what is no URL", () => {
    const refused = [
      "http://example.com/",
      "ftp://example.com/",
      "file:///etc/passwd",
      "gopher://example.com/",
      "javascript:alert(1)",
      "https://user@example.com/",
      "https://user:secret@example.com/",
      "https://example.com:22/",
      "https://example.com:25/",
      "https://example.com:1023/",
      "example.com",
      "",
      `https://example.com/${"a".repeat(3_000)}`,
    ];

    expect(refused.filter((text) => readDestination(text, outside).ok)).to.deep.equal([]);
    expect(readDestination("https://example.com/hook", outside).ok).to.equal(true);
    expect(readDestination("https://example.com:8443/hook", outside).ok).to.equal(true);
  });

  it("takes endpoints on this machine where somebody develops, by http and on any port, and still no private network", () => {
    expect(readDestination("http://127.0.0.1:80/", local).ok).to.equal(true);
    expect(readDestination("http://localhost:4242/webhook", local).ok).to.equal(true);
    expect(readDestination("http://[::1]:81/", local).ok).to.equal(true);
    expect(readDestination("http://10.0.0.1/", local).ok).to.equal(false);
    expect(readDestination("https://169.254.169.254/", local).ok).to.equal(false);
  });
});
