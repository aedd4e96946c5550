#include "flamigo/http/detail/random_id.hpp"

#include <array>
#include <stdexcept>

#include <openssl/rand.h>

namespace flamigo::detail {

std::string random_id() {
  // Not std::random_device: the instruction that it takes them from needs up to
  // 24 us for one of its words on some virtual machines.
  std::array<unsigned char, 16> bytes;
  if (::RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error{"OpenSSL has no random bytes"};
  static constexpr char digits[] = "0123456789abcdef";
  std::string result;
  result.reserve(2 * bytes.size());
  for (auto byte : bytes) {
    result.push_back(digits[byte >> 4]);
    result.push_back(digits[byte & 15]);
  }
  return result;
}

} // namespace flamigo::detail
