// A jammer as small as the original ones, with none of our code: legacy_jammer PORT ID HEAR sends 540-byte
// packets to 127.0.0.1, one in 2667 µs, and loops the server time, until it has heard HEAR audio packets and
// sent 100 more. Everything that it got goes to standard output, each with its size (2 bytes) before it.
#include <arpa/inet.h>
#include <endian.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

int main(int, char** argv) {
    const int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(static_cast<std::uint16_t>(std::strtoul(argv[1], nullptr, 10)));
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(descriptor, reinterpret_cast<sockaddr*>(&server), sizeof server) != 0) return 1;
    const auto id = static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10));
    const std::uint64_t hear = std::strtoull(argv[3], nullptr, 10);

    std::string heard;
    std::uint64_t audio_packets = 0;
    std::uint32_t last = 8000;
    unsigned char packet[540] = {0, 0, 540 / 32};
    auto next = std::chrono::steady_clock::now();
    for (std::uint32_t sequence = 0; sequence < last; ++sequence) {
        const std::uint64_t client_time = htobe64(std::uint64_t{sequence} * 2667);
        const std::uint32_t fields[2] = {htobe32(id), htobe32(sequence)};
        std::memcpy(packet + 12, &client_time, 8);
        std::memcpy(packet + 20, fields, 8);
        for (std::uint32_t i = 28; i < 540; ++i)
            packet[i] = static_cast<unsigned char>(id * 31 + sequence * 7 + i);
        send(descriptor, packet, sizeof packet, 0);
        next += std::chrono::microseconds{2667};
        while (std::chrono::steady_clock::now() < next) {
            pollfd readable{descriptor, POLLIN, 0};
            if (poll(&readable, 1, 1) != 1) continue;
            unsigned char in[2048];
            const ssize_t size = recv(descriptor, in, sizeof in, 0);
            if (size < 28) continue;
            std::memcpy(packet + 4, in + 4, 8);
            heard += {static_cast<char>(size >> 8), static_cast<char>(size)};
            heard.append(reinterpret_cast<char*>(in), static_cast<std::size_t>(size));
            if (size > 28 && ++audio_packets == hear) last = sequence + 100;
        }
    }
    std::fwrite(heard.data(), 1, heard.size(), stdout);
    return audio_packets >= hear ? 0 : 1;
}
