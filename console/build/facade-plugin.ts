import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const PREFIX = 'facade:';

/**
 * Modules named `facade:<package>` that export everything a CommonJS package has, by name. React is one, and `export *` of such a package
 * yields nothing.
 */
export function facadePlugin(): Plugin {
  return {
    name: 'facade',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return null;
      const name = id.slice(PREFIX.length + 1);
      const names = exportsOf(name);
      return `import whole from '${name}';\nexport default whole;\nexport const { ${names.join(', ')} } = whole;\n`;
    },
  };
}

function exportsOf(name: string): string[] {
  const whole = createRequire(import.meta.url)(name) as object;
  return Object.keys(whole).filter((key) => /^[A-Za-z_$][\w$]*$/.test(key) && key !== 'default');
}
