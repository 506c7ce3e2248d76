// Serves the site over HTTP/1.1, on a thread of its own that yields to all others. TLS is a reverse proxy's
// job. Thread: the control thread. Realtime-safe: no. Errors while it is made: exceptions.
#pragma once

#include <cstddef>
#include <memory>

#include "core/base/endpoint.hpp"
#include "core/base/time.hpp"
#include "targets/server/http/admin_command.hpp"
#include "targets/server/http/server_status.hpp"
#include "targets/server/http/site.hpp"

namespace rtjam {

class HttpServer {
public:
    // Beyond it a connection is closed at once, and counted.
    static constexpr std::size_t connections_max = 64;
    static constexpr std::size_t header_bytes_max = 8192;
    static constexpr std::size_t body_bytes_max = 4096;
    // How long a request may take to come, an answer to go, and a connection to stay without either.
    static constexpr Duration patience_max = std::chrono::seconds{10};

    // The handler is called on the HTTP thread; it outlives the server, or is not called any more.
    HttpServer(const Endpoint& where, Site site, AdminHandler admin);
    // Stops it.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    Endpoint local_endpoint() const;
    // From now on this is the newest. Once at least before start().
    void publish(std::shared_ptr<const ServerStatus> status);
    void start();
    // Cuts what is under way off.
    void stop();

private:
    class Connections;
    std::unique_ptr<Connections> connections_;  // keeps the sockets' library out of this header
};

}  // namespace rtjam
