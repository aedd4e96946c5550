#pragma once

#include <memory>
#include <mutex>
#include <string>

#include <caf/error.hpp>

#include "flamigo/api/api_keys.hpp"

namespace flamigo::detail {

/// The keys that hold now. Thread-safe.
class key_store {
public:
  explicit key_store(std::string file);

  /// Reads the file. Where that fails, those from before hold on.
  caf::error load();

  /// The same, and the log says what came of it.
  void reload();

  /// Never null once it was loaded.
  std::shared_ptr<const api_keys> now() const;

private:
  std::string file_;
  mutable std::mutex mutex_;
  std::shared_ptr<const api_keys> keys_;
};

} // namespace flamigo::detail
