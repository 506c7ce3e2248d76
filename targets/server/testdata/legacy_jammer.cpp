// A jammer as small as the original ones, with none of our code: legacy_jammer PORT ID sends 540-byte packets
// to 127.0.0.1, one in 2.7 ms, and loops the server time, until it has heard 200 audio packets and sent 100
// more. What it got goes to standard output, each with its size (2 bytes) before it.
#include <arpa/inet.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

int main(int, char** argv) {
    const int server = socket(AF_INET, SOCK_DGRAM, 0);
    const auto port = static_cast<std::uint16_t>(std::stoi(argv[1]));
    const sockaddr_in address{AF_INET, htons(port), {htonl(INADDR_LOOPBACK)}, {}};
    if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return 1;
    const auto id = static_cast<std::uint32_t>(std::stoul(argv[2]));
    unsigned char packet[540] = {0, 0, 540 / 32};
    std::string got;
    for (std::uint32_t sequence = 0, audio = 0, last = 8000; sequence < last; ++sequence) {
        const std::uint32_t fields[] = {0, htonl(sequence * 2667), htonl(id), htonl(sequence)};
        std::memcpy(packet + 12, fields, 16);
        for (std::uint32_t i = 28; i < 540; ++i)
            packet[i] = static_cast<unsigned char>(id * 31 + sequence * 7 + i);
        send(server, packet, sizeof packet, 0);
        usleep(2667);
        unsigned char in[2048];
        for (ssize_t size = 0; (size = recv(server, in, sizeof in, MSG_DONTWAIT)) >= 28;) {
            std::memcpy(packet + 4, in + 4, 8);
            got += {static_cast<char>(size >> 8), static_cast<char>(size)};
            got.append(reinterpret_cast<char*>(in), static_cast<std::size_t>(size));
            if (size > 28 && ++audio == 200) last = sequence + 100;
        }
    }
    std::fwrite(got.data(), 1, got.size(), stdout);
}
