#include "flamigo/tls/detail/tls_source.hpp"

#include <stdexcept>
#include <utility>

#include <sys/stat.h>

#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

tls_source::tls_source(tls_options options) : options_(std::move(options)) {
  if (auto err = reload())
    throw std::runtime_error{public_message(err)};
  seen_ = read_;
}

std::shared_ptr<const tls_context> tls_source::current() const {
  std::scoped_lock lock{mtx_};
  return current_;
}

caf::error tls_source::reload() {
  // Before they are read: what changes meanwhile is found by the next look.
  auto found = stamps();
  auto before = current();
  auto made = tls_context::make(options_, before.get());
  std::scoped_lock lock{mtx_};
  // Also those that cannot be used, of which one complaint is enough.
  read_ = std::move(found);
  if (!made)
    return std::move(made.error());
  current_ = std::move(*made);
  return {};
}

void tls_source::look() {
  auto found = stamps();
  {
    std::scoped_lock lock{mtx_};
    auto is_settled = std::exchange(seen_, found) == found;
    if (found == read_ || !is_settled)
      return;
  }
  if (auto err = reload())
    log::error(public_message(err)
               + ". The certificates stay those that were read before");
  else
    log::info("tls: the certificates have changed and were read again");
}

std::vector<tls_source::stamp> tls_source::stamps() const {
  std::vector<stamp> result;
  auto add = [&](const std::string& file) {
    struct stat info;
    if (::stat(file.c_str(), &info) == 0)
      result.push_back({info.st_dev, info.st_ino, info.st_size,
                        info.st_mtim.tv_sec, info.st_mtim.tv_nsec});
    else
      result.emplace_back();
  };
  for (auto& file : options_.certificates)
    add(file);
  for (auto& file : options_.keys)
    add(file);
  if (!options_.client_ca.empty())
    add(options_.client_ca);
  return result;
}

} // namespace flamigo::detail
