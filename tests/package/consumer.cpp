#include <flamigo/serving.hpp>

int main(int argc, char** argv) {
  flamigo::application app{argc, argv};
  app.strategies().add("app::consumer:ping", [] { return true; });
  return app.strategies().find("app::consumer:ping") ? 0 : 1;
}
