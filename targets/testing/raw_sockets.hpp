// For tests that must send what no UDP socket sends: the right to open raw sockets, root or not.
// Thread: the only one, before the programs under test are started. Errors: exceptions, which fail the test.
#pragma once

namespace rtjam {

// Without CAP_NET_RAW (capabilities(7)), this process moves for good into a user namespace, in which it has
// that right, and a network of its own, with nothing but a loopback interface (namespaces(7)).
struct RawSocketsPermitted {
    RawSocketsPermitted();
};

}  // namespace rtjam
