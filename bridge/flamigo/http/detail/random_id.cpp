#include "flamigo/http/detail/random_id.hpp"

#include <array>
#include <stdexcept>

#include <openssl/rand.h>

#include "flamigo/io/detail/hex.hpp"

namespace flamigo::detail {

std::string random_id() {
  // Not std::random_device: the instruction that it takes them from needs up to
  // 24 us for one of its words on some virtual machines.
  std::array<unsigned char, 16> bytes;
  if (::RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error{"OpenSSL has no random bytes"};
  return hex_of(bytes);
}

} // namespace flamigo::detail
