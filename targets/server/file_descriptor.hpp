// Owns a file descriptor. Realtime-safe: making and closing is not.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace rtjam {

class FileDescriptor {
public:
    // What the system has just returned: below 0 is an error, thrown with the name of the call.
    FileDescriptor(int descriptor, const char* call) : descriptor_(descriptor) {
        if (descriptor < 0) throw std::system_error(errno, std::system_category(), call);
    }
    ~FileDescriptor() { close(descriptor_); }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;

    int get() const { return descriptor_; }

private:
    int descriptor_;
};

}  // namespace rtjam
