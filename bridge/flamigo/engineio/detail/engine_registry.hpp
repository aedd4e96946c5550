#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace flamigo::detail {

class engine_session;

/// The sessions of a server, by their ids. From any thread.
class engine_registry {
public:
  void add(std::shared_ptr<engine_session> what);

  /// Null if there is none.
  std::shared_ptr<engine_session> find(std::string_view sid) const;

  void remove(const engine_session& what);

  std::size_t size() const;

private:
  mutable std::mutex mtx_;
  std::unordered_map<std::string, std::shared_ptr<engine_session>> by_id_;
};

} // namespace flamigo::detail
