#include <flamigo/testing.hpp>

int main() {
  flamigo::testing::app app;
  app.strategies().add("app::consumer:ping", [] { return true; });
  return app.connect().call<bool>("app::consumer:ping") ? 0 : 1;
}
