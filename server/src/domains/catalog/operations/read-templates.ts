import { readdir, readFile } from 'node:fs/promises';
import { invariant } from '../../../platform/errors.ts';
import { readTemplateText } from '../template-text.ts';

const folder = new URL('../templates/', import.meta.url);

/** A template that comes with the product. */
export interface ShippedTemplate {
  name: string;
  title: string;
  description: string | null;
  template: string;
}

/** The templates that come with the product, by name. */
export async function readTemplates(): Promise<ShippedTemplate[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, folder), 'utf8');
      const { template } = readTemplateText(text);
      invariant(template, `the template ${file} is well-formed`);
      return {
        name: file.replace(/\.yaml$/, ''),
        title: template.application.name,
        description: template.application.description ?? null,
        template: text,
      };
    }),
  );
}
