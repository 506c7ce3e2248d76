#include "core/testing/allocation_counter.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::uint64_t> allocations{0};
}

namespace rtjam {
std::uint64_t allocations_so_far() {
    return allocations.load(std::memory_order_relaxed);
}
}  // namespace rtjam

#ifdef RTJAM_SANITIZED

// A sanitizer's runtime has the operators already, and calls this for each allocation.
extern "C" void __sanitizer_malloc_hook(const volatile void*, std::size_t) {
    allocations.fetch_add(1, std::memory_order_relaxed);
}

#else

// The array and nothrow forms of the standard library call these.
void* operator new(std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc{};
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    const auto align = static_cast<std::size_t>(alignment);
    if (void* memory = std::aligned_alloc(align, (size + align - 1) / align * align)) return memory;
    throw std::bad_alloc{};
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

#endif
