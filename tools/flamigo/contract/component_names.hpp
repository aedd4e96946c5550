#pragma once

#include <set>
#include <string>
#include <string_view>

namespace flamigo::tool {

/// Ids for what people name freely, of the characters that names of components
/// are made of (AsyncAPI 3.0, Components Object; OpenAPI 3.1, Components
/// Object). No two are the same.
class component_names {
public:
  explicit component_names(std::set<std::string> taken = {})
    : taken_(std::move(taken)) {
  }

  std::string make(std::string_view name);

private:
  std::set<std::string> taken_;
};

} // namespace flamigo::tool
