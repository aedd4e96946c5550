#include "flamigo/api/detail/key_store.hpp"

#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

key_store::key_store(std::string file) : file_(std::move(file)) {
}

caf::error key_store::load() {
  auto read = api_keys::load(file_);
  if (!read)
    return std::move(read.error());
  auto next = std::make_shared<const api_keys>(std::move(*read));
  std::lock_guard here{mutex_};
  keys_ = std::move(next);
  return {};
}

void key_store::reload() {
  if (auto err = load())
    log::error("the API keys stay as they were: " + public_message(err));
  else
    log::info("the API keys were read again on SIGHUP: "
              + std::to_string(now()->size()));
}

std::shared_ptr<const api_keys> key_store::now() const {
  std::lock_guard here{mutex_};
  return keys_;
}

} // namespace flamigo::detail
