#include "targets/server/http/http_server.hpp"

#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstring>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <variant>

#include "targets/common/endpoint_sockaddr.hpp"
#include "targets/common/monotonic_clock.hpp"
#include "targets/server/http/http_session.hpp"

namespace rtjam {

namespace {

namespace net = boost::asio;
using Tcp = net::ip::tcp;

// After accepting has failed, for want of descriptors for example: it would fail again at once.
constexpr std::chrono::milliseconds accept_pause{100};
constexpr int niceness = 10;

Tcp::endpoint to_tcp(const Endpoint& endpoint) {
    const SocketAddress address = to_socket_address(endpoint, is_ipv4(endpoint) ? AF_INET : AF_INET6);
    Tcp::endpoint result;
    result.resize(address.size);
    std::memcpy(result.data(), &address.storage, address.size);
    return result;
}

Tcp::acceptor open_acceptor(net::io_context& io, const Endpoint& where) {
    try {
        return {io, to_tcp(where)};
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("cannot serve HTTP on " + to_text(where) +
                                 " (--http, --no-http): " + error.code().message());
    }
}

}  // namespace

class HttpServer::Connections {
public:
    Connections(const Endpoint& where, Site site, AdminHandler admin)
        : site_(std::move(site)), admin_(std::move(admin)), acceptor_(open_acceptor(io_, where)) {
        host_.answer = [this](const HttpRequest& request, HttpSession::Reply reply) {
            answer(request, std::move(reply));
        };
    }
    ~Connections() { stop(); }
    Connections(const Connections&) = delete;
    Connections& operator=(const Connections&) = delete;

    Endpoint local_endpoint() const {
        const Tcp::endpoint local = acceptor_.local_endpoint();
        sockaddr_storage address{};
        std::memcpy(&address, local.data(), local.size());
        return to_endpoint(address, static_cast<socklen_t>(local.size()));
    }

    void publish(std::shared_ptr<const ServerStatus> status) {
        const std::lock_guard lock(mutex_);
        latest_.swap(status);  // the old one is freed after the lock
    }

    void start() {
        accept();
        thread_ = std::thread([this] { run(); });
    }

    void stop() {
        io_.stop();
        if (thread_.joinable()) thread_.join();
    }

private:
    std::shared_ptr<const ServerStatus> latest() {
        const std::lock_guard lock(mutex_);
        return latest_;
    }

    void answer(const HttpRequest& request, HttpSession::Reply reply) {
        const auto outcome = site_.handle(request, *latest(), host_.counters, monotonic_now());
        if (const auto* response = std::get_if<HttpResponse>(&outcome)) return reply(*response);
        const std::uint64_t number = next_order_++;
        waiting_.emplace(number, std::move(reply));
        admin_(std::get<AdminOrder>(outcome), [this, number](const AdminResult& result) {
            net::post(io_,
                      [this, number, result] { waiting_.extract(number).mapped()(response_to(result)); });
        });
    }

    void run() {
        // Signals are the control thread's.
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, nullptr);
        // On Linux this is the thread's own, not the process's (setpriority(2)); refused, it does without.
        setpriority(PRIO_PROCESS, 0, niceness);
        io_.run();
    }

    void accept() {
        acceptor_.async_accept([this](const boost::system::error_code& error, Tcp::socket socket) {
            if (error) {
                pause_.expires_after(accept_pause);
                pause_.async_wait([this](const boost::system::error_code&) { accept(); });
                return;
            }
            if (host_.sessions < connections_max) {
                std::make_shared<HttpSession>(std::move(socket), host_)->read();
            } else {
                ++host_.counters.connections_refused;
            }
            accept();
        });
    }

    Site site_;
    AdminHandler admin_;
    HttpSession::Host host_;
    std::mutex mutex_;
    std::shared_ptr<const ServerStatus> latest_;
    net::io_context io_{1};
    Tcp::acceptor acceptor_;
    net::steady_timer pause_{io_};
    // Who waits for an order's result: one for each session at most. They are kept here and not with whoever
    // carries the order out, so that no session outlives its sockets' context.
    std::map<std::uint64_t, HttpSession::Reply> waiting_;
    std::uint64_t next_order_ = 0;
    std::thread thread_;
};

HttpServer::HttpServer(const Endpoint& where, Site site, AdminHandler admin)
    : connections_(std::make_unique<Connections>(where, std::move(site), std::move(admin))) {}

HttpServer::~HttpServer() = default;

Endpoint HttpServer::local_endpoint() const {
    return connections_->local_endpoint();
}

void HttpServer::publish(std::shared_ptr<const ServerStatus> status) {
    connections_->publish(std::move(status));
}

void HttpServer::start() {
    connections_->start();
}

void HttpServer::stop() {
    connections_->stop();
}

}  // namespace rtjam
