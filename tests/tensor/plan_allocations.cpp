#include "tests/tensor/plan_allocations.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

// The program's own operator new: a file apart, since a compiler that sees it beside its callers takes the
// pair of new and free for a mistake.
namespace {

std::atomic<long> count{0};

void* allocate(std::size_t bytes, std::size_t alignment) {
  ++count;
  const std::size_t room = (bytes + alignment) / alignment * alignment;
  if (void* memory = std::aligned_alloc(alignment, room)) return memory;
  throw std::bad_alloc();
}

}  // namespace

long weft::plan_tests::allocations() {
  return count;
}

void* operator new(std::size_t bytes) {
  return allocate(bytes, alignof(std::max_align_t));
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment));
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
